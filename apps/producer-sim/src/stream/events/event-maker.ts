import type { JsonObject } from '@runnel/contracts'

/** Makes the events of one kind, in order. What it makes depends on its seed, the calls before, and the times given. */
export type EventMaker = (atMs: number) => JsonObject
