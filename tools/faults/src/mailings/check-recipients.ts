import { ensure } from '../ensure.ts'
import type { Person } from './create-people.ts'
import { isMeant, type Plan } from './create-plans.ts'
import type { RunState } from './read-run-state.ts'

/**
 * @param mayMiss where a mailing ended before all of its messages were made
 * @throws BrokenPromiseError unless everybody whom a mailing is meant for has one message of it, and nobody else any
 */
export function checkRecipients(
  state: RunState,
  plan: Plan,
  mailingId: number,
  people: readonly Person[],
  mayMiss = false,
): number {
  const meant = new Set(people.filter((person) => isMeant(plan, person)).map(({ phone }) => phone))
  const got = state.messages.filter((message) => message.mailingId === mailingId).map(({ phone }) => phone)
  const different = new Set(got)
  ensure(
    got.length === different.size,
    `${plan.name}: ${got.length - different.size} clients have two messages`,
  )
  const missing = [...meant.difference(different)]
  const wrong = [...different.difference(meant)]
  ensure(
    mayMiss || missing.length === 0,
    `${plan.name}: ${missing.length} clients have no message, e.g. ${missing[0]}`,
  )
  ensure(wrong.length === 0, `${plan.name}: ${wrong.length} clients have a message in vain, e.g. ${wrong[0]}`)
  return meant.size
}
