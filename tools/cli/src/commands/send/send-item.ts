import type { JsonObject } from '@runnel/contracts'

/** An event to be sent, or why what was read is none. */
export type SendItem =
  | { readonly position: number; readonly item: JsonObject }
  | { readonly position: number; readonly refusal: { readonly code: string; readonly message: string } }
