import { readFileSync } from 'node:fs'

/** PostgreSQL refuses to run as root: `postgres` where that user exists, else `nobody`. */
export function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const entry = ['postgres', 'nobody']
    .map((name) => users.find((fields) => fields[0] === name))
    .find((fields) => fields !== undefined)
  if (entry === undefined) throw new Error('PostgreSQL needs a user other than root: postgres or nobody')
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}
