import type { CleanText, Instant, PersonId } from "../chat/event.ts";
import type { RecordChange, Store } from "../storage/store.ts";
import {
  type Device,
  devicesOf,
  issueDeviceToken,
  parseDeviceToken,
  useDeviceToken,
} from "./device-tokens.ts";

const deviceRecords = "devices/";
/** One person stays signed in on at most so many; with one more the one that was used least lately is signed out. */
const maxDevicesEach = 50;
/** So much of an id has to be given. */
const minBeginning = 4;
/** When a device was used last is not worth a write more often than this. */
const usedEveryMs = 24 * 3_600_000;

/** The devices on which people with an account stay signed in. */
export class Devices {
  readonly #byId = new Map<string, Device>();

  private constructor() {}

  static async open(store: Store): Promise<Devices> {
    const devices = new Devices();
    for (const { value } of await store.records(deviceRecords)) {
      const device = JSON.parse(value) as Device;
      devices.#byId.set(device.id, device);
    }
    return devices;
  }

  /** A new one, with the token that is shown once. To be added when `changes` are stored. */
  issue(
    what: { readonly id: string; readonly person: PersonId; readonly name: CleanText },
    now: Instant,
  ): { readonly token: string; readonly device: Device; readonly changes: readonly RecordChange[] } {
    const { device, token } = issueDeviceToken(what, now);
    const surplus = this.of(what.person).slice(maxDevicesEach - 1);
    return { device, token, changes: [changeOf(device), ...surplus.map(erasureOf)] };
  }

  add(device: Device): void {
    for (const { id } of this.of(device.person).slice(maxDevicesEach - 1)) this.#byId.delete(id);
    this.#byId.set(device.id, device);
  }

  /** Whose a token is, with what is to be stored of its being used; `undefined` where it is nobody's any more. */
  use(
    token: string,
    now: Instant,
  ): { readonly device: Device; readonly changes: readonly RecordChange[] } | undefined {
    const presented = parseDeviceToken(token);
    if (presented === undefined) return undefined;
    const before = this.#byId.get(presented.device);
    const device = useDeviceToken(presented, before, now);
    if (device === undefined || before === undefined) return undefined;
    if (device.lastUsedAt - before.lastUsedAt < usedEveryMs) return { device, changes: [] };
    this.#byId.set(device.id, device);
    return { device, changes: [changeOf(device)] };
  }

  /** A person's, the one used last first. */
  of(person: PersonId): readonly Device[] {
    return devicesOf([...this.#byId.values()], person);
  }

  /** A person's device by its id, or by a beginning of it that no other one of his has. */
  find(typed: string, person: PersonId): Device | undefined {
    const found = this.of(person).filter(({ id }) => typed.length >= minBeginning && id.startsWith(typed));
    return found.length === 1 ? found[0] : undefined;
  }

  /** Signs a device out; what is to be stored. */
  revoke(device: Device): readonly RecordChange[] {
    this.#byId.delete(device.id);
    return [erasureOf(device)];
  }
}

/** What is to be stored for a device to be signed out. */
export function erasureOf({ id }: Device): RecordChange {
  return { key: `${deviceRecords}${id}`, value: undefined };
}

function changeOf(device: Device): RecordChange {
  return { key: `${deviceRecords}${device.id}`, value: JSON.stringify(device) };
}
