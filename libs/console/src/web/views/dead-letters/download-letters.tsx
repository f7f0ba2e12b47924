import { getDeadLetters } from '../../api/dead-letters.ts'
import { saveFile } from '../../data/save-file.ts'
import { useAction } from '../../data/use-action.ts'
import { plural } from '../../format/number.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { useToast } from '../../parts/toast.tsx'
import { collectLetters } from './collect-letters.ts'
import { listParams } from './letters-query.ts'

/** Letters that are read at a time; large ones end a page early. */
const PAGE_SIZE = 500

/** A button that saves all letters that match as a file. */
export function DownloadLetters({ params }: { params: URLSearchParams }) {
  const toast = useToast()
  const download = useAction(async () => {
    const { signal } = new AbortController()
    const filter = { ...listParams(params, Date.now()), limit: PAGE_SIZE }
    const { lines, more } = await collectLetters(
      async (cursor) => (await getDeadLetters({ ...filter, cursor }, signal)).data,
    )
    saveFile('dead-letters.ndjson', [...lines], 'application/x-ndjson')
    const rest = more ? ', the newest ones: there are more than a file holds' : ''
    toast(`${plural(lines.length, 'dead letter')} saved${rest}`, more ? 'warn' : 'good')
  })
  return (
    <>
      <ActionError error={download.error} />
      <button type="button" disabled={download.busy} onClick={() => download.run()}>
        {download.busy ? 'Reading …' : 'Download'}
      </button>
    </>
  )
}
