import { Type } from 'typebox'

/** Media types of files that are imported. */
export const CONSUMED: string[] = [
  ...['text/csv', 'application/x-ndjson', 'text/plain', 'application/vnd.ms-excel', 'multipart/form-data'],
]

const Column = Type.String({
  maxLength: 250,
  pattern: '^[A-Za-z]+(\\.[^\\u0000:]+)?:[^\\u0000]+$',
  description:
    'A member and the name of its column, e.g. phone:Number, attributes.city:Town, ignored:Notes; may come several times',
})

/** Parameters by which the sender of a file says how it is to be read. */
export const fileParameters = {
  country: Type.Optional(
    Type.String({
      maxLength: 2,
      description:
        'Country (ISO 3166, e.g. RU) of phones without the code of their country, such as 8 916 123-45-67; default: ' +
        'CLIENT_IMPORT_COUNTRY; empty: none',
    }),
  ),
  charset: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'Encoding of the file, e.g. windows-1251; default: of its byte order mark, or recognised',
    }),
  ),
  column: Type.Optional(Type.Union([Column, Type.Array(Column, { maxItems: 100 })])),
}
