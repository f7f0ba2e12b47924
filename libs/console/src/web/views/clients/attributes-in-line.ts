import type { Attributes } from '../../api/clients.ts'

/** `name Anna, order 7`: attributes for one line of a table. */
export function attributesInLine(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
