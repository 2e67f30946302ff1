import { cut, type Input } from "./input.ts";
import type { Random } from "./random.ts";

/** A ClientHello that is whole, of TLS 1.2 and 1.3, as OpenSSL sends it, but for its key shares. */
const clientHello = Buffer.from(
  "16030100710100006d0303" +
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f".padEnd(64, "0") +
    "000004130113020100004000000000000a00080006001d00170018000d000400020403",
  "hex",
);

const recordTypes = [0x14, 0x15, 0x16, 0x17, 0x18, 0xff];

/** The beginning of TLS, more or less wrong: bytes changed, taken out or put in, records that lie about their length. */
export function tlsInput(random: Random): Input {
  const bytes = Buffer.concat([
    random.weighted(
      [4, () => changed(random, clientHello)],
      [2, () => record(random, 0x16)],
      [1, () => clientHello],
    ),
    ...random.several(0, 3, () => record(random, random.pick(recordTypes))),
  ]);
  // Whatever else it is, it asks for TLS.
  bytes.set([0x16, 0x03]);
  return { fresh: true, pieces: cut(random, bytes), ending: random.pick(["end", "end", "drop", "reset"]) };
}

function changed(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = random.between(1, 4); times > 0; times -= 1)
    copy[random.below(copy.length)] = random.below(256);
  const at = random.below(copy.length);
  return random.weighted(
    [3, () => copy],
    [1, () => copy.subarray(0, Math.max(2, at))],
    [1, () => Buffer.concat([copy.subarray(0, at), random.bytes(1, 40), copy.subarray(at)])],
  );
}

function record(random: Random, type: number): Buffer {
  const body = random.bytes(0, random.pick([4, 60, 400]));
  const claimed = random.chance(70) ? body.length : random.below(0x1_0000);
  return Buffer.concat([Buffer.from([type, 3, random.below(5), claimed >> 8, claimed & 0xff]), body]);
}
