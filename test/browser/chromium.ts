import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const packed = import.meta.resolve("@sparticuz/chromium");

/** Starts the Chromium that npm brings, with the libraries and fonts that a machine without a screen may lack. */
export function launchChromium(): Promise<Browser> {
  const folder = unpacked();
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  });
}

/**
 * Unpacks it into the system's temporary folder, once for all test files and runs. Files that do so at the same time
 * each unpack a folder of their own; the first that is complete is put in its place whole, and is everybody's.
 */
function unpacked(): string {
  const { version }: { readonly version: string } = createRequire(packed)("../package.json");
  const folder = join(tmpdir(), `roomful-chromium-${version}`);
  if (existsSync(folder)) return folder;
  const own = mkdtempSync(`${folder}-`);
  // It unpacks to where the temporary folder is, and its libraries only where it takes itself to be in the cloud.
  execFileSync(
    process.execPath,
    ["--input-type=module", "-e", `(await import(${JSON.stringify(packed)})).default.executablePath()`],
    { env: { ...process.env, TMPDIR: own, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" } },
  );
  writeFileSync(
    join(own, "fonts.conf"),
    `<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, "fonts")}</dir>
  <cachedir>${join(folder, "font-cache")}</cachedir>
</fontconfig>
`,
  );
  try {
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
