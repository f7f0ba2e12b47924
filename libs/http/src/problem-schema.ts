import { Type } from 'typebox'

/** The body of every error, for the documentation of routes. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable name of the problem' }),
    detail: Type.String(),
    field: Type.Optional(Type.String({ description: 'JSON pointer, parameter or header' })),
    expected: Type.Optional(Type.String()),
  },
  { description: 'RFC 9457 problem', additionalProperties: true },
)
