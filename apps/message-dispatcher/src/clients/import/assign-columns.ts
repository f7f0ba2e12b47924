import { AppError } from '@runnel/contracts'
import { guessMember, memberOfName, plainName, type ColumnMember } from './column-names.ts'

/** What a column holds. */
export type Column =
  | { readonly kind: 'member'; readonly member: ColumnMember }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'nameless' }

/** Members by the names of columns, as the sender of the file gives them. */
export type ColumnMap = ReadonlyMap<string, string>

const ATTRIBUTE = 'attributes.'

/** Members that one column alone can have. Of those that say `optedOut`, any that does is believed. */
const SINGLE = ['phone', 'operatorCode', 'tag', 'timeZone', 'email', 'webhookUrl', 'attributes'] as const

/** What a column may be mapped to. */
export const COLUMN_MEMBERS = [...SINGLE, 'optedOut', 'optedIn', 'ignored'] as const

/** Least characters of a known name for which a misspelt one is refused, and is suggested for the phone. */
export const REFUSED_NEAR = 6
const SUGGESTED_NEAR = 4

/**
 * Says for each column what it holds: what `map` says, or what its name is known for; every other one is an attribute.
 *
 * @throws AppError missing_field where none is the phone; invalid_field where it is not clear which one is a member
 */
export function assignColumns(
  names: readonly string[],
  map: ColumnMap,
  members?: readonly ColumnMember[],
): readonly Column[] {
  for (const name of map.keys()) {
    if (!names.includes(name))
      throw columnError(`The file has no column ${quote(name)}`, `one of ${list(names)}`)
  }
  const columns = names.map((name) => toColumn(name, map, members))
  for (const member of SINGLE) keepOne(member, columns, names, map)
  const isThere = (member: ColumnMember) => columns.some((column) => isMember(column, member))
  const key = members?.[0] ?? 'phone'
  if (!isThere(key)) throw key === 'phone' ? noPhone(names) : noColumn(key, names)
  names.forEach((name, i) => {
    if (members !== undefined || columns[i]!.kind !== 'attribute' || map.has(name)) return
    const meant = guessMember(name, REFUSED_NEAR)
    if (meant !== undefined && !isThere(meant)) throw misspelt(name, meant)
  })
  return columns
}

function toColumn(name: string, map: ColumnMap, members: readonly ColumnMember[] | undefined): Column {
  const member = map.get(name) ?? memberOfName(name, members)
  if (member?.startsWith(ATTRIBUTE)) return { kind: 'attribute', name: member.slice(ATTRIBUTE.length) }
  if (member !== undefined) return { kind: 'member', member: member as ColumnMember }
  return name === '' ? { kind: 'nameless' } : { kind: 'attribute', name }
}

const isMember = (column: Column, member: ColumnMember) =>
  column.kind === 'member' && column.member === member

/** Of several columns that may be a member, the mapped one is, or else the one with its very name; the others are attributes. */
function keepOne(
  member: (typeof SINGLE)[number],
  columns: Column[],
  names: readonly string[],
  map: ColumnMap,
): void {
  const candidates = columns.flatMap((column, i) => (isMember(column, member) ? [i] : []))
  if (candidates.length < 2) return
  const mapped = candidates.filter((i) => map.has(names[i]!))
  const exact = candidates.filter((i) => plainName(names[i]!) === member.toLowerCase())
  const chosen = mapped.length > 0 ? mapped : exact
  if (chosen.length !== 1) {
    const found = list(candidates.map((i) => names[i]!))
    throw columnError(
      `Each of the columns ${found} may be ${member}`,
      `one of them; say which by the parameter column=${member}:${names[candidates[0]!]}`,
    )
  }
  for (const i of candidates) if (i !== chosen[0]) columns[i] = { kind: 'attribute', name: names[i]! }
}

function noColumn(member: ColumnMember, names: readonly string[]): AppError {
  return new AppError('missing_field', `The first line has no column ${member}`, {
    field: member,
    expected: `a header with ${member}, or the parameter column=${member}:name. The columns are: ${list(names)}`,
  })
}

function noPhone(names: readonly string[]): AppError {
  const near = names.find((name) => guessMember(name, SUGGESTED_NEAR) === 'phone')
  const meant = near ?? names[0] ?? ''
  const question = near === undefined ? '' : ` Did you mean phone by ${quote(near)}?`
  return new AppError(
    'missing_field',
    `The first line has no column that is known to be the phone.${question}`,
    {
      field: 'phone',
      expected:
        'a header such as phone,timeZone,tag; telephone, mobile and others are known too. Of another name, say ' +
        `what it is by the parameter column=phone:${meant.slice(0, 50)}. The columns are: ${list(names)}`,
    },
  )
}

function misspelt(name: string, meant: ColumnMember): AppError {
  return columnError(
    `The column ${quote(name)} is not known. Did you mean ${meant}?`,
    `another name, or the parameter column=${meant}:${name}; column=${ATTRIBUTE}${name}:${name} makes it an attribute`,
  )
}

function columnError(message: string, expected: string): AppError {
  return new AppError('invalid_field', message, { field: 'column', expected })
}

const MAX_LISTED = 20

const quote = (name: string) => JSON.stringify(name)

function list(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED).map(quote).join(', ')
  return names.length > MAX_LISTED ? `${listed} and ${names.length - MAX_LISTED} more` : listed
}
