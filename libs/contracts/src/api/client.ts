import { Type, type Static } from 'typebox'
import type { JsonObject } from '../json-value.ts'
import { NullableText } from './nullable.ts'

/** A client in every answer. */
export const ClientSchema = Type.Object({
  id: Type.Integer(),
  phone: Type.String({ description: 'Digits without a plus sign' }),
  operatorCode: Type.String(),
  tag: Type.String(),
  timeZone: Type.String(),
  email: NullableText,
  webhookUrl: NullableText,
  attributes: Type.Unsafe<JsonObject>({ description: 'JSON object' }),
  optedOut: Type.Boolean(),
  optedOutAt: NullableText,
  createdAt: Type.String(),
  updatedAt: Type.String(),
})

export type Client = Static<typeof ClientSchema>
