import type { ApiOperation, AppOperations } from '../../api/operations.ts'

/** An operation in addresses: two apps may have the same path. */
export function operationId(app: string, { method, path }: Pick<ApiOperation, 'method' | 'path'>): string {
  return `${app} ${method} ${path}`
}

/** What the access of an operation asks of a caller, in words. */
export function accessText({ isPublic, scopes }: Pick<ApiOperation, 'isPublic' | 'scopes'>): string {
  if (isPublic) return 'no key'
  return scopes.length === 0 ? 'any key' : scopes.join(', ')
}

/**
 * The operations that have all words of a text, in whatever place, by apps; without a text, also apps whose operations are not known.
 *
 * @param app alone, by its name; empty: all apps
 */
export function findOperations(
  apps: readonly AppOperations[],
  text: string,
  app: string,
): readonly AppOperations[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return apps
    .filter(({ name }) => app === '' || name === app)
    .map((one) => ({ ...one, operations: one.operations.filter((each) => matches(each, words)) }))
    .filter(({ operations }) => words.length === 0 || operations.length > 0)
}

function matches(operation: ApiOperation, words: readonly string[]): boolean {
  const { method, path, summary, description } = operation
  const text = [method, path, summary, description, accessText(operation)].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}
