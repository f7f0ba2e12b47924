import { Type, type Static, type TProperties } from 'typebox'

/** A body that may be left out; Fastify passes null to the schema then. */
export const OptionalBody = <T extends TProperties>(members: T) => {
  const { properties } = Type.Object(members)
  return Type.Unsafe<Static<ReturnType<typeof Type.Object<T>>> | null>({
    type: ['object', 'null'],
    properties,
    additionalProperties: false,
  })
}

export const NoBody = OptionalBody({})
