import type { DescField, Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { readJson } from '@runnel/json'
import { eventTooLarge } from '../../event-too-large.ts'
import { BodyText } from '../shared/body-text.ts'
import { tooManyItems } from '../../too-many-items.ts'
import { ItemCount } from '../shared/item-count.ts'
import { JsonWalker } from '../shared/json-walker.ts'
import type { ContainerPath, MessageSource, ResourcePieces, SplitMessage } from './message-source.ts'
import { readJsonMessage } from './read-json-message.ts'
import { RestOfObject } from './rest-of-object.ts'

/**
 * A body as JSON. Of one that is not UTF-8 as a whole, only those records are refused that are not. A body of nothing but blanks is an
 * empty request.
 *
 * @param maxChars of a message that is read
 */
export function openJson(body: Buffer, maxChars: number): MessageSource<string> {
  const pieces = new BodyText(body)
  return {
    takeApart: (path, maxItems) => takeApart(pieces.text, path, new ItemCount(maxItems)),
    sizeOf: ({ length }) => length,
    split,
    protobufOf: () => undefined,
    read: (schema, piece) => {
      if (piece.length > maxChars) throw eventTooLarge(maxChars)
      return read(schema, pieces.read(piece))
    },
  }
}

function read<M extends Message>(schema: GenMessage<M>, text: string): M {
  return readJsonMessage(schema, readJson(text))
}

/** Characters that are walked over between pauses. */
const STEP_CHARS = 65_536

interface Container {
  readonly rest: RestOfObject
  readonly containers: Container[]
  readonly records: string[]
}

/** In one walk, for the end of a value is known only once it has been walked over: nothing is walked over twice. */
function* takeApart(
  text: string,
  { resources, scopes, records }: ContainerPath,
  count: ItemCount,
): Generator<void, ResourcePieces<string>[]> {
  if (text.trim() === '') return []
  const walker = new JsonWalker(text)
  const request = yield* walkContainer(walker, [resources, scopes, records], count)
  walker.requireEnd()
  return request.containers.map((resource) => ({
    rest: resource.rest.toText(),
    scopes: resource.containers.map(({ rest, records: found }) => ({ rest: rest.toText(), records: found })),
  }))
}

/** @param path the field that holds what is looked for in this container, then those of the containers in it */
function* walkContainer(
  walker: JsonWalker,
  [field, ...path]: readonly DescField[],
  count: ItemCount,
): Generator<void, Container> {
  const container: Container = { rest: new RestOfObject(walker), containers: [], records: [] }
  let pausedAt = walker.at
  const isFar = () => {
    if (walker.at - pausedAt < STEP_CHARS) return false
    pausedAt = walker.at
    return true
  }
  const isThere = walker.enterObject()
  while (isThere && walker.nextMember()) {
    if (!isNamed(field!, walker.name)) container.rest.add(walker.member())
    else {
      container.rest.interrupt()
      for (let hasItems = walker.enterArray(); hasItems && walker.nextItem();) {
        count.add(1)
        if (path.length === 0) container.records.push(walker.value())
        else container.containers.push(yield* walkContainer(walker, path, count))
        if (isFar()) yield
      }
    }
    if (isFar()) yield
  }
  return container
}

function split(text: string, fields: readonly DescField[], maxItems: number): SplitMessage<string> {
  const items: string[] = []
  const fieldOf: DescField[] = []
  const walker = new JsonWalker(text)
  const rest = new RestOfObject(walker)
  const add = (field: DescField, item: string) => {
    items.push(item)
    fieldOf.push(field)
    if (items.length > maxItems) throw tooManyItems(maxItems, 'records')
  }
  const isThere = walker.enterObject()
  while (isThere && walker.nextMember()) {
    const field = fields.find((one) => isNamed(one, walker.name))
    if (field === undefined) {
      rest.add(walker.member())
      continue
    }
    rest.interrupt()
    if (field.fieldKind === 'list') {
      if (walker.enterArray()) while (walker.nextItem()) add(field, walker.value())
    } else {
      const value = walker.value()
      if (value !== 'null') add(field, value)
    }
  }
  walker.requireEnd()
  return { rest: rest.toText(), items, fields: fieldOf }
}

function isNamed({ name, jsonName }: DescField, member: string): boolean {
  return member === jsonName || member === name
}
