import type { ListenerDeps } from './shared-deps.ts'

/** A defect costs the message in which it is met and not the process: its sender might send it again. */
export function reportDefect(err: unknown, { name, counts, log }: ListenerDeps): void {
  log.error({ err, listener: name }, 'a message could not be read')
  counts.dropped('internal')
}
