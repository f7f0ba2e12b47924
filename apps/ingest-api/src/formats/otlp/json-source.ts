import type { DescField, Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { AppError } from '@runnel/contracts'
import { decodeUtf8, readJson } from '@runnel/json'
import { isUtf8 } from 'node:buffer'
import { BYTE_ORDER_MARK } from '../split-damaged.ts'
import type { MessageSource, SplitMessage } from './message-source.ts'
import { readJsonMessage } from './read-json-message.ts'
import { splitItems, splitMembers, type MemberText } from './split-members.ts'
import { tooManyItems } from './too-many-items.ts'

/**
 * A body as JSON. One that is not UTF-8 as a whole is taken apart with a character for each byte: what separates JSON is ASCII, so that
 * only those records are refused that are not. A body of nothing but blanks is an empty request.
 */
export function openJson(body: Buffer): MessageSource<string> {
  const isWhole = isUtf8(body)
  const text = isWhole ? decodeUtf8(body) : withoutMark(body.toString('latin1'))
  return {
    root: text.trim() === '' ? '{}' : text,
    sizeOf: ({ length }) => length,
    split,
    read: (schema, piece) => read(schema, isWhole ? piece : toUtf8(piece)),
  }
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
}

function toUtf8(piece: string): string {
  return decodeUtf8(Buffer.from(piece, 'latin1'))
}

function read<M extends Message>(schema: GenMessage<M>, text: string): M {
  return readJsonMessage(schema, readJson(text))
}

function split(text: string, fields: readonly DescField[], maxItems: number): SplitMessage<string> {
  const items: string[] = []
  const fieldOf: DescField[] = []
  const others: string[] = []
  splitMembers(text, (member) => {
    const field = fields.find(({ name, jsonName }) => member.name === jsonName || member.name === name)
    if (field === undefined) {
      others.push(member.text)
      return
    }
    takeOut(member, field, (item) => {
      items.push(item)
      fieldOf.push(field)
      if (items.length > maxItems) throw tooManyItems(maxItems)
    })
  })
  return { rest: `{${others.join(',')}}`, items, fields: fieldOf }
}

function takeOut({ name, value }: MemberText, { fieldKind }: DescField, add: (item: string) => void): void {
  if (value === 'null') return
  if (fieldKind !== 'list') return add(value)
  if (!value.startsWith('[')) {
    throw new AppError('invalid_field', `${name} is not a list`, { field: name, expected: 'an array' })
  }
  splitItems(value, add)
}
