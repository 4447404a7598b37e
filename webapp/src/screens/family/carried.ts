/** A child's card that was scanned on a guardian's phone, on its way to the family screen; it is kept nowhere else. */

export const carried = { card: "" };
