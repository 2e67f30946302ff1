import type { DiskMark } from "../server/settings.ts";
import type { Option } from "./options.ts";

const units: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** An option that is a mark on the free space of a disk. */
export function diskMark(help: string, fallback: string): Option<DiskMark | "off"> {
  return {
    value: "SIZE|PERCENT%|off",
    help: `${help}: a size, a share of the disk, or the less of the two`,
    fallback,
    parse: parseDiskMark,
    wanted: '"off", a size like 500MiB, a share like 5% (up to 100%), or both like 1GiB/5%',
  };
}

function parseDiskMark(given: string): DiskMark | "off" | undefined {
  if (given === "off") return "off";
  const parts = given.split("/");
  if (parts.length > 2) return undefined;
  const sizes = parts.flatMap((part) => parseSize(part) ?? []);
  const shares = parts.flatMap((part) => parseShare(part) ?? []);
  if (sizes.length > 1 || shares.length > 1 || sizes.length + shares.length < parts.length) return undefined;
  return { bytes: sizes[0] ?? Number.POSITIVE_INFINITY, share: shares[0] ?? Number.POSITIVE_INFINITY };
}

function parseSize(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([KMGT]?i?B)?$/i.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (units[unit.toUpperCase()] ?? Number.NaN));
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

function parseShare(text: string): number | undefined {
  const [, percent] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  const share = Number(percent) / 100;
  return share > 0 && share <= 1 ? share : undefined;
}
