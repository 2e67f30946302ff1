import { scaleLinear, scaleLog } from "d3-scale";
import { line as lineThrough } from "d3-shape";

interface Axis {
  readonly label: string;
  readonly scale: "linear" | "log";
  /** Where there is no better guess than one's own. */
  readonly ticks?: readonly number[];
}

export interface Line {
  /** Stands at its end, in place of a legend. */
  readonly label: string;
  readonly color: keyof typeof colors;
  readonly isDashed?: boolean;
  readonly points: readonly (readonly [number, number])[];
}

export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

/** Told apart also by those who see colours differently (Okabe and Ito), each dark enough to be read on white. */
const colors = {
  blue: "#0060a0",
  orange: "#b84a00",
  green: "#00785a",
  purple: "#8a3f77",
  grey: "#5a6270",
} as const;

const width = 800;
const height = 460;
const margin = { top: 78, bottom: 62, left: 78 } as const;
const plotBottom = height - margin.bottom;
const fontSize = 13;
/** About what a letter takes up, on average. */
const letterWidth = 7.6;
const labelGap = 10;
const labelHeight = 17;
const dotRadius = 3;
/** On a scale of logarithms nothing lies right at the edge. */
const edgeRoom = 1.15;

/** A picture of its own background, so that it can be read on a light page and on a dark one. */
export function svgOf(chart: Chart): string {
  const longest = Math.max(...chart.lines.map(({ label }) => label.length));
  const plotRight = width - Math.ceil(longest * letterWidth) - labelGap - 24;
  const x = scaleOf(
    chart.x,
    chart.lines.flatMap(({ points }) => points.map(([at]) => at)),
    [margin.left, plotRight],
  );
  const y = scaleOf(
    chart.y,
    chart.lines.flatMap(({ points }) => points.map(([, at]) => at)),
    [plotBottom, margin.top],
  );
  const path = lineThrough<readonly [number, number]>(
    ([at]) => x.at(at),
    ([, at]) => y.at(at),
  );
  const parts = [
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#ffffff" stroke="#d0d7de"/>`,
    text({ x: 24, y: 32, size: 17, weight: 600 }, chart.title),
    text({ x: 24, y: 54, fill: colors.grey }, chart.subtitle),
    ...y.ticks.map((tick) =>
      [
        `<path d="M${margin.left} ${round(y.at(tick))}H${plotRight}" stroke="#e6e9ed"/>`,
        text(
          { x: margin.left - 8, y: y.at(tick) + 4.5, anchor: "end", fill: colors.grey },
          numberLabel(tick),
        ),
      ].join(""),
    ),
    ...x.ticks.map((tick) =>
      [
        `<path d="M${round(x.at(tick))} ${plotBottom}v5" stroke="#8c959f"/>`,
        text({ x: x.at(tick), y: plotBottom + 20, anchor: "middle", fill: colors.grey }, numberLabel(tick)),
      ].join(""),
    ),
    `<path d="M${margin.left} ${plotBottom}H${plotRight}" stroke="#8c959f"/>`,
    text({ x: (margin.left + plotRight) / 2, y: height - 18, anchor: "middle" }, chart.x.label),
    `<g transform="rotate(-90)">${text({ x: -(margin.top + plotBottom) / 2, y: 24, anchor: "middle" }, chart.y.label)}</g>`,
    ...chart.lines.map((one) => {
      const dash = one.isDashed === true ? ' stroke-dasharray="6 4"' : "";
      const dots = one.points.map(
        (point) => `<circle cx="${round(x.at(point[0]))}" cy="${round(y.at(point[1]))}" r="${dotRadius}"/>`,
      );
      return [
        `<path d="${path(one.points) ?? ""}" fill="none" stroke="${colors[one.color]}" stroke-width="2"${dash}/>`,
        `<g fill="${colors[one.color]}">${dots.join("")}</g>`,
      ].join("");
    }),
    ...labels(chart.lines, { x: x.at, y: y.at, right: plotRight }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(chart.title)}" font-family="system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif" font-size="${fontSize}">
${parts.join("\n")}
</svg>
`;
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function scaleOf(axis: Axis, values: readonly number[], range: readonly [number, number]): Scale {
  const min = Math.min(...values);
  const max = Math.max(...values);
  if (axis.scale === "linear") {
    const scale = scaleLinear([0, max], range).nice(6);
    return { at: (value) => scale(value), ticks: axis.ticks ?? scale.ticks(6) };
  }
  const [low, high] = [min / edgeRoom, max * edgeRoom];
  const scale = scaleLog([low, high], range);
  return { at: (value) => scale(value), ticks: axis.ticks ?? logTicks(low, high) };
}

/** Powers of ten; where there are few of them, 2 and 5 times as well. */
function logTicks(min: number, max: number): readonly number[] {
  const steps = Math.log10(max / min) > 2.5 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power += 1) {
    for (const step of steps) ticks.push(step * 10 ** power);
  }
  return ticks.filter((tick) => tick >= min && tick <= max);
}

/** The names of the lines at their ends, moved apart where they would overlap. */
function labels(
  lines: readonly Line[],
  to: {
    readonly x: (value: number) => number;
    readonly y: (value: number) => number;
    readonly right: number;
  },
): readonly string[] {
  const wanted = lines
    .flatMap((one) => {
      const end = one.points.at(-1);
      return end === undefined ? [] : [{ one, end: { x: to.x(end[0]), y: to.y(end[1]) }, y: to.y(end[1]) }];
    })
    .sort((first, second) => first.y - second.y);
  for (let pass = 0; pass < wanted.length; pass += 1) {
    for (const [index, label] of wanted.entries()) {
      const above = wanted[index - 1];
      if (above === undefined || label.y - above.y >= labelHeight) continue;
      const overlap = labelHeight - (label.y - above.y);
      above.y -= overlap / 2;
      label.y += overlap / 2;
    }
  }
  return wanted.map(({ one, end, y }) => {
    const x = to.right + labelGap;
    const fill = colors[one.color];
    // A line that ends early, or a label that was moved, is led to.
    const leads = Math.abs(y - end.y) > 3 || end.x < to.right - 2;
    const leader = leads
      ? `<path d="M${round(end.x + dotRadius + 2)} ${round(end.y)}L${round(x - 3)} ${round(y)}" stroke="${fill}" stroke-opacity="0.45"/>`
      : "";
    return leader + text({ x, y: y + 4.5, fill, weight: 600 }, one.label);
  });
}

interface TextStyle {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "middle" | "end";
  readonly fill?: string;
  readonly size?: number;
  readonly weight?: number;
}

function text(style: TextStyle, content: string): string {
  const attributes = [
    `x="${round(style.x)}"`,
    `y="${round(style.y)}"`,
    `fill="${style.fill ?? "#1f2328"}"`,
    ...(style.anchor === undefined ? [] : [`text-anchor="${style.anchor}"`]),
    ...(style.size === undefined ? [] : [`font-size="${style.size}"`]),
    ...(style.weight === undefined ? [] : [`font-weight="${style.weight}"`]),
  ];
  return `<text ${attributes.join(" ")}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `1k`, `2.5M`, `0.05`. */
function numberLabel(value: number): string {
  const [divisor, unit] = value >= 1e6 ? [1e6, "M"] : value >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}
