import { type Casemapping, casemappings } from "../chat/casemapping.ts";
import { casemappingRecord as key, type Store } from "../storage/store.ts";

/**
 * How the names in a store are told apart: fixed when its folder is made, since names that are two today would be one
 * tomorrow. A store that nothing is in yet takes what is wanted. Rejects with `StoreFault`.
 */
export async function fixCasemapping(store: Store, wanted: Casemapping): Promise<Casemapping> {
  const record = (await store.records(key)).find((one) => one.key === key);
  const kept = casemappings.find((one) => one === record?.value);
  if (kept !== undefined) return kept;
  const casemapping = (await isEmpty(store)) ? wanted : "ascii";
  await store.append([], [{ key, value: casemapping }]);
  return casemapping;
}

async function isEmpty(store: Store): Promise<boolean> {
  const [records, streams] = await Promise.all([store.records(""), store.streams()]);
  return records.length === 0 && streams.every(({ head }) => head === 0);
}
