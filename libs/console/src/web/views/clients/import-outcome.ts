import type { ClientImport } from '../../api/imports.ts'
import type { Tone } from '../../parts/badge.tsx'

/** How an import went, in a word, and how good that is: one that took no line is no success. */
export function importOutcome({
  status,
  rows,
  rejected,
}: Pick<ClientImport, 'status' | 'rows' | 'rejected'>): { readonly word: string; readonly tone: Tone } {
  if (status === 'running') return { word: 'running', tone: 'info' }
  if (status === 'aborted') return { word: 'aborted', tone: 'bad' }
  if (rejected === 0) return { word: 'completed', tone: 'good' }
  return rejected < rows
    ? { word: 'completed in part', tone: 'warn' }
    : { word: 'all lines refused', tone: 'bad' }
}
