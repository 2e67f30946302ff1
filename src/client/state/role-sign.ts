import { type Roles, role } from "../../chat/room.ts";

/** What stands before the name of somebody with these roles, as on IRC: of the highest one. */
export function roleSign(roles: Roles): string {
  if (roles >= role.operator) return "@";
  return roles >= role.halfOperator ? "%" : roles >= role.voice ? "+" : "";
}
