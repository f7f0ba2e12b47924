import type { ClientImport } from '../../api/imports.ts'
import { Badge } from '../../parts/badge.tsx'
import { importOutcome } from './import-outcome.ts'

/** How an import went. */
export function ImportBadge({ of }: { of: ClientImport }) {
  const { word, tone } = importOutcome(of)
  return <Badge tone={tone}>{word}</Badge>
}
