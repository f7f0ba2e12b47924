import { CursorParameter, limitParameter } from '@runnel/http'
import { Type } from 'typebox'

/** Parameters of a list that is sorted by ids. */
export const pageParameters = { limit: limitParameter(50, 1000), cursor: Type.Optional(CursorParameter) }

/** The same, where each item holds a list of its own. */
export const shortPageParameters = { ...pageParameters, limit: limitParameter(20, 100) }
