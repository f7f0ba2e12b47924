import type { Setting } from './settings.ts'

/**
 * The second value of a secret that several processes have to agree on, so that it is rotated without a moment in which they do not:
 * the first one signs, both are accepted.
 */
export function secondSecret<T>(first: Setting<T>): Setting<T> {
  return {
    ...first,
    variable: `${first.variable}_SECOND`,
    description: `Second value that is accepted beside ${first.variable} while it is rotated: at first the one to come, then the one before`,
  }
}

/** @returns the values of a secret that are accepted, the one that signs first; empty where it is not set */
export function acceptedSecrets(first: string | undefined, second: string | undefined): readonly string[] {
  return first ? [first, ...(second ? [second] : [])] : []
}

/** @returns what is wrong where a second value is set and the first is not, in sentences */
export function findSecondSecretProblems(
  variable: string,
  { first, second }: { readonly first: string | undefined; readonly second: string | undefined },
): string[] {
  return second && !first ? [`${variable}_SECOND is set, but ${variable} is not: the first one signs`] : []
}
