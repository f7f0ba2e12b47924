import type { DescField, Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { AppError } from '@runnel/contracts'
import { readMessage } from '@runnel/wire/read-message'
import {
  MAX_MESSAGE_DEPTH,
  type ContainerPath,
  type MessageSource,
  type ResourcePieces,
  type ScopePieces,
  type SplitMessage,
} from './message-source.ts'
import { eventTooLarge } from '../../event-too-large.ts'
import { tooManyItems } from '../../too-many-items.ts'
import { ItemCount } from '../shared/item-count.ts'
import { MAX_OTHER_FIELDS } from '../shared/other-fields.ts'

/**
 * A body as Protocol Buffers.
 *
 * @param maxBytes of a message that is read
 */
export function openProtobuf(body: Buffer, maxBytes: number): MessageSource<Uint8Array> {
  // Parts of a Buffer are Buffers, which take twice as long to make.
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.length)
  return {
    takeApart: (path, maxItems) => takeApart(bytes, path, new ItemCount(maxItems)),
    sizeOf: ({ length }) => length,
    split,
    protobufOf: (piece) => (piece.length > maxBytes ? undefined : piece),
    read: (schema, piece) => {
      if (piece.length > maxBytes) throw eventTooLarge(maxBytes)
      return read(schema, piece)
    },
  }
}

/** A step for each container: lengths stand before messages, so that none of them takes long. */
function* takeApart(
  body: Uint8Array,
  { resources, scopes, records }: ContainerPath,
  count: ItemCount,
): Generator<void, ResourcePieces<Uint8Array>[]> {
  const found: ResourcePieces<Uint8Array>[] = []
  for (const ofResource of split(body, [resources], count.left).items) {
    count.add(1)
    const resource = split(ofResource, [scopes], count.left)
    const ofScopes: ScopePieces<Uint8Array>[] = []
    for (const ofScope of resource.items) {
      yield
      const { rest, items } = split(ofScope, [records], count.left)
      count.add(1 + items.length)
      ofScopes.push({ rest, records: items })
    }
    found.push({ rest: resource.rest, scopes: ofScopes })
    yield
  }
  return found
}

function split(bytes: Uint8Array, fields: readonly DescField[], maxItems: number): SplitMessage<Uint8Array> {
  const items: Uint8Array[] = []
  const fieldOf: DescField[] = []
  /** What stands between items, as it stands: fields by themselves would take many times their memory. */
  const between: Uint8Array[] = []
  const reader = new BinaryReader(bytes)
  let others = 0
  let from = 0
  try {
    while (reader.pos < reader.len) {
      const start = reader.pos
      const [number, wireType] = reader.tag()
      const field = fields.find((one) => one.number === number)
      if (field === undefined) {
        if (++others > MAX_OTHER_FIELDS) throw new Error(`more than ${MAX_OTHER_FIELDS} other fields`)
        reader.skip(wireType, number)
        continue
      }
      if (start > from) between.push(bytes.subarray(from, start))
      if (wireType !== WireType.LengthDelimited) throw new Error(`field ${number} is no message`)
      items.push(reader.bytes())
      from = reader.pos
      fieldOf.push(field)
      if (items.length > maxItems) throw tooManyItems(maxItems, 'records')
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError(
      'bad_request',
      `The body is not valid Protocol Buffers: ${(error as Error).message}`,
      { expected: 'a request of OTLP' },
      error,
    )
  }
  if (from < bytes.length) between.push(bytes.subarray(from))
  return { rest: join(between), items, fields: fieldOf }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** The library throws errors of several classes, all of which mean the bytes. */
function read<M extends Message>(schema: GenMessage<M>, bytes: Uint8Array): M {
  try {
    return readMessage(schema, bytes, MAX_MESSAGE_DEPTH)
  } catch (error) {
    throw new AppError(
      'invalid_field',
      `The ${schema.name} is not valid Protocol Buffers: ${(error as Error).message}`,
      {},
      error,
    )
  }
}
