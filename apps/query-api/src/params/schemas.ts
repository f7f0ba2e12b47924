import { Type } from 'typebox'

/** Text of a parameter. Postgres takes no NUL characters. */
export const Text = (description: string, maxLength = 512) =>
  Type.String({ maxLength, pattern: '^[^\\u0000]*$', description })

const Time = (description: string) =>
  Type.String({
    maxLength: 40,
    description: `${description}: RFC 3339 text, or seconds or milliseconds since 1970`,
  })

export const Range = {
  from: Type.Optional(
    Time('Events that occurred at this time or later; default: 24 h before `to`, or before now'),
  ),
  to: Type.Optional(Time('Events that occurred before this time')),
}

/** Of a trace; the digits are compared in lower case. */
export const TraceId = Type.String({
  pattern: '^[0-9a-fA-F]{32}$',
  description: 'Id of a trace: 32 hexadecimal digits',
})

export const Step = Type.Optional(
  Type.String({
    maxLength: 20,
    description: 'Length of a time step, e.g. 30s, 5m, 1h, 1d; default: fits the range',
  }),
)

/** Parameters of one family, e.g. `attr.user=7`. */
export const family = (prefix: string) => ({
  [`^${prefix}\\.[^\\u0000]{1,200}$`]: Text('Equal to this value, compared as text'),
})
