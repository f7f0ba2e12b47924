import { Type, type TProperties } from 'typebox'

/** Unknown members are refused: a misspelt `window` would send at night, a misspelt `optedOut` be lost. */
export const Exact = <T extends TProperties>(members: T, description: string) =>
  Type.Object(members, { additionalProperties: false, description })
