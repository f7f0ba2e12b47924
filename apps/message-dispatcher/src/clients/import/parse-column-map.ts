import { AppError } from '@runnel/contracts'
import { COLUMN_MEMBERS, type ColumnMap } from './assign-columns.ts'

/**
 * What columns are, by their names.
 *
 * @param parameters `member:name`, e.g. `phone:Number`
 * @throws AppError invalid_field
 */
export function parseColumnMap(parameters: readonly string[]): ColumnMap {
  const map = new Map<string, string>()
  for (const parameter of parameters) {
    const at = parameter.indexOf(':')
    const [member, name] = [parameter.slice(0, at), parameter.slice(at + 1).trim()]
    if (!isMember(member)) {
      throw new AppError('invalid_field', `A client has no member ${JSON.stringify(member)}`, {
        field: 'column',
        expected: `${COLUMN_MEMBERS.join(', ')} or attributes.<name>, then a colon and the name of the column`,
      })
    }
    if (map.has(name)) {
      throw new AppError('invalid_field', `The column ${JSON.stringify(name)} is named twice`, {
        field: 'column',
      })
    }
    map.set(name, member)
  }
  return map
}

function isMember(name: string): boolean {
  return (COLUMN_MEMBERS as readonly string[]).includes(name) || /^attributes\../.test(name)
}
