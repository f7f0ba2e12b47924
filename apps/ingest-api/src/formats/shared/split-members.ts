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
