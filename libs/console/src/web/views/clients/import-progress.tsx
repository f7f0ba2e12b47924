import { getImports } from '../../api/imports.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatBytes } from '../../format/bytes.ts'
import { formatCount } from '../../format/number.ts'
import { Progress } from '../../parts/progress.tsx'

/** How much of a file has gone out. */
export interface Sent {
  readonly bytes: number
  readonly totalBytes: number
}

const POLL_MS = 1000

/** How far an import is: what has gone out, and what of it is stored already. */
export function ImportProgress({ sent: { bytes, totalBytes } }: { sent: Sent }) {
  const imports = useResource('imports', (signal) => getImports({ limit: 1 }, signal), { refreshMs: POLL_MS })
  const newest = imports.data?.items[0]
  return (
    <div class="import-progress" role="status">
      <Progress label="Sent" value={bytes} max={totalBytes} />
      <p class="quiet number">
        {bytes < totalBytes
          ? `${formatBytes(bytes)} of ${formatBytes(totalBytes)} sent`
          : 'Everything is sent and being stored'}
        {newest?.status === 'running' && ` · ${formatCount(newest.rows)} lines so far`}
      </p>
    </div>
  )
}
