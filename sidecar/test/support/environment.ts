/** Coordinates of real servers. Absent ones fail the test: a skipped test looks like a passed one. */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`${name} is not set. Run "npm test", which starts the servers and sets it`);
  }
  return value;
}
