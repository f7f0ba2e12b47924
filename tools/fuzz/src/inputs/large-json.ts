/** `{"<unit 0>":1,"<unit 1>":1,...}` of about that many bytes: names are what costs most. */
export function manyNames(bytes: number, name: (i: number) => string): string {
  const members: string[] = []
  for (let i = 0, length = 0; length < bytes - 40; i++) {
    const member = `"${name(i)}":1`
    members.push(member)
    length += member.length + 1
  }
  return `{${members.join(',')}}`
}

/** A text of about that many bytes: the unit again and again, between a beginning and an end. */
export function repeated(bytes: number, unit: string, begin = '', end = '', separator = ','): string {
  const count = Math.floor((bytes - begin.length - end.length) / (unit.length + separator.length))
  return begin + Array.from({ length: count }, () => unit).join(separator) + end
}

/** One JSON object of about that many bytes, in every way that is slow. */
export function slowObjects(bytes: number): [name: string, text: string][] {
  return [
    ['different names', manyNames(bytes, (i) => `k${i.toString(36)}`)],
    ['names with escapes', manyNames(bytes, (i) => `\\u0430${i.toString(36)}`)],
    ['names that need escapes', manyNames(bytes, (i) => `\\n${i.toString(36)}`)],
    ['empty arrays', repeated(bytes, '[]', '{"a":[', ']}')],
    ['small objects', repeated(bytes, '{"a":1}', '{"a":[', ']}')],
    ['small objects with escapes', repeated(bytes, '{"\\n":1}', '{"a":[', ']}')],
    ['long integers', repeated(bytes, '12345678901234567', '{"a":[', ']}')],
    ['nesting', repeated(bytes, '{"a":', '', '', '')],
    ['escapes', repeated(bytes, '\\u0430', '{"a":"', '"}', '')],
    ['a text without an end', repeated(bytes, '\\"', '{"', '', '')],
    [
      'a text without an end behind a long integer',
      repeated(bytes, '\\"', '{"a":12345678901234567,"', '', ''),
    ],
    ['blanks', repeated(bytes, ' ', '{', '}', '')],
  ]
}
