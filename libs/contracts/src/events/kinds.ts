/** The kinds of events that Runnel takes in. */
export const KINDS = ['metrics', 'logs', 'products', 'traces'] as const

export type Kind = (typeof KINDS)[number]

/** @returns whether a text names one of the kinds */
export function isKind(value: string): value is Kind {
  return (KINDS as readonly string[]).includes(value)
}
