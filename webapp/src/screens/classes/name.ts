/** What a class may be called. */

const LONGEST = 10;
const NAME = /^[0-9A-Za-z\u4e00-\u9fff]([0-9A-Za-z\u4e00-\u9fff .()-]*[0-9A-Za-z\u4e00-\u9fff)])?$/;

/** Whether the server takes the name. */
export function fits(name: string): boolean {
  return name.length <= LONGEST && NAME.test(name);
}
