/** By what somebody can prove who they are. */
import type { Session } from "../../api/calls";
import type { Factors } from "../../api/factors";

export type Kind = NonNullable<Session["second"]>["kinds"][number];

/** What an account has set up; recovery codes only stand in for something. */
export function kindsOf(own: Factors): Kind[] {
  const found: Kind[] = [];
  if (own.app) found.push("totp");
  if (own.passkeys.length) found.push("passkey");
  if (found.length && own.recovery_left) found.push("recovery");
  return found;
}
