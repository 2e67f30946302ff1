import type { JSX } from "preact";
import { legible, type Rgb, rgbOf } from "../../protocols/irc/colours.ts";
import type { Style } from "../../protocols/irc/formatting.ts";
import { type TextPart, textParts } from "../text-parts.ts";

/** What is written on, in light and dark: as the style sheet has it. */
const grounds: Readonly<Record<"light" | "dark", Rgb>> = { light: [255, 254, 251], dark: [22, 24, 22] };

/** What somebody said, as text alone: formatting that IRC knows, and addresses that lead somewhere. */
export function RichText({ text }: { readonly text: string }): JSX.Element {
  const lines = textParts(text);
  return (
    <>
      {lines.map((parts, index) => (
        <span key={index} class="line" dir="auto">
          {parts.map((part, at) => (
            <Part key={at} {...part} />
          ))}
          {index < lines.length - 1 && "\n"}
        </span>
      ))}
    </>
  );
}

function Part({ text, style, href }: TextPart): JSX.Element {
  const content =
    href === undefined ? (
      text
    ) : (
      <a href={href} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    );
  const classes = classesOf(style);
  const colours = coloursOf(style);
  if (classes === "" && colours === undefined) return <>{content}</>;
  return (
    <span class={classes} {...(colours === undefined ? {} : { style: colours })}>
      {content}
    </span>
  );
}

function classesOf(style: Style): string {
  const looks = ["bold", "italic", "underline", "strikethrough", "monospace", "reverse"] as const;
  return looks.filter((look) => style[look]).join(" ");
}

/** Made lighter or darker until it can be read; the style sheet takes the one for the theme. */
function coloursOf({ foreground, background }: Style): Readonly<Record<string, string>> | undefined {
  if (foreground === undefined && background === undefined) return undefined;
  const behind = background && rgbOf(background);
  const colour = (theme: "light" | "dark"): string | undefined => {
    if (foreground === undefined && behind === undefined) return undefined;
    const ink: Rgb =
      foreground === undefined ? (theme === "light" ? [0, 0, 0] : [255, 255, 255]) : rgbOf(foreground);
    return `rgb(${legible(ink, behind ?? grounds[theme], 4.5).join(" ")})`;
  };
  const light = colour("light");
  const dark = colour("dark");
  return {
    ...(light === undefined || dark === undefined ? {} : { color: `light-dark(${light}, ${dark})` }),
    ...(behind === undefined ? {} : { backgroundColor: `rgb(${behind.join(" ")})` }),
  };
}
