import { BEHAVIOURS, type Behaviour, type Probabilities } from '@runnel/contracts/api/fake-gateway'

/** With these the message is sent, whatever the caller hears of it. */
const ACCEPTING: ReadonlySet<Behaviour> = new Set(['ok', 'slow', 'reset-after-accept', 'garbage', '204'])

export function accepts(behaviour: Behaviour): boolean {
  return ACCEPTING.has(behaviour)
}

/** Sums of decimals such as 0.1 + 0.2 miss 1 by less. */
const ROUNDING = 1e-9

/**
 * @param some of the behaviours; what they leave is `ok`
 * @throws RangeError where they are more than 1 together
 */
export function completeProbabilities(some: Readonly<Partial<Probabilities>>): Probabilities {
  const others = BEHAVIOURS.filter((one) => one !== 'ok')
  const taken = others.reduce((sum, one) => sum + (some[one] ?? 0), 0)
  if (taken + (some.ok ?? 0) > 1 + ROUNDING) throw new RangeError('Together they are more than 1')
  const entries = others.map((one) => [one, some[one] ?? 0])
  return Object.fromEntries([['ok', Math.max(0, 1 - taken)], ...entries]) as Probabilities
}

/** @returns the behaviour that always comes, if there is one */
export function onlyBehaviour(probabilities: Probabilities): Behaviour | undefined {
  return BEHAVIOURS.find((one) => probabilities[one] === 1)
}
