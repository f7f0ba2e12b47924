/** What a command ends with; listed in the help and in docs/CLI.md. */
export const EXIT = {
  ok: 0,
  /** It was carried out, and did not succeed, or not in full. */
  failed: 1,
  /** The command or what was given to it is wrong. */
  usage: 2,
  /** Runnel does not answer, or cannot now: the same command may succeed later. */
  unavailable: 3,
  /** There is no key, or its scopes do not suffice. */
  denied: 4,
  /** By Ctrl-C: what shells expect. */
  interrupted: 130,
  /** By SIGTERM. */
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
