import { Type } from 'typebox'

/** `?wait=stored`, for the routes of every format. Any other value is refused: it may be a misspelt `stored`. */
export const waitParameter = Type.Optional(
  Type.Literal('stored', {
    description:
      'Answer once it is known what became of it in PostgreSQL, rather than once the broker keeps it',
  }),
)
