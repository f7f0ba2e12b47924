import { CursorParameter, limitParameter } from '@runnel/http'
import { Type } from 'typebox'

/** Parameters of a list that is sorted by ids. */
export const pageParameters = { limit: limitParameter(50, 1000), cursor: Type.Optional(CursorParameter) }
