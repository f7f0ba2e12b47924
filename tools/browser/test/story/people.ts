/** The tag of the people of the story. */
export const STORY_TAG = 'story'

export interface Person {
  readonly phone: string
  readonly name: string
  readonly code: string
}

/** Recipients of a mailing. */
export const PEOPLE: readonly Person[] = Array.from({ length: 24 }, (_, i) => ({
  phone: `7916555${String(i).padStart(4, '0')}`,
  name: i % 2 === 0 ? 'Anna' : 'Boris',
  code: 'AUTUMN',
}))

/** A file of them, with one invalid line. */
export function peopleFile(): string {
  const lines = PEOPLE.map(({ phone, name, code }) => `${phone},${STORY_TAG},Europe/Moscow,${name},${code}`)
  lines.splice(2, 0, `not a number,${STORY_TAG},Europe/Moscow,Nobody,NONE`)
  return ['phone,tag,timeZone,name,code', ...lines].join('\n')
}
/** Where the broken one stands. */
export const BROKEN_LINE = 4
