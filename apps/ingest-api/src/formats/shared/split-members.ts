import { AppError } from '@runnel/contracts'
import { JsonWalker } from './json-walker.ts'

/** A member of an object, as it stands in the text. */
interface MemberText {
  readonly name: string
  readonly value: string
}

/**
 * The members of a JSON object, without a look into their values: where each value is JSON, so is the object.
 *
 * @param visit a member at a time
 * @throws AppError bad_json where the text is no object
 */
export function splitMembers(text: string, visit: (member: MemberText) => void): void {
  const walker = new JsonWalker(text)
  walker.enterObject()
  while (walker.nextMember()) visit({ name: walker.name, value: walker.value() })
  walker.requireEnd()
}

/**
 * The items of a JSON array, likewise.
 *
 * @throws AppError bad_json where the text is no array
 */
export function splitItems(text: string, visit: (item: string) => void): void {
  if (!text.startsWith('['))
    throw new AppError('bad_json', 'This is no array of JSON', { expected: 'an array' })
  const walker = new JsonWalker(text)
  walker.enterArray()
  while (walker.nextItem()) visit(walker.value())
  walker.requireEnd()
}
