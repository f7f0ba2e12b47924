import { useState } from 'preact/hooks'
import type { Params } from '../../api/build-url.ts'
import { ChangeDialog } from './change-dialog.tsx'

interface ChangeManyProps {
  /** Of the list. */
  readonly filter: Params
  readonly onWritten: () => void
}

/** Leads to one change for many clients. */
export function ChangeMany({ filter, onWritten }: ChangeManyProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Change many
      </button>
      {open && <ChangeDialog filter={filter} onClose={() => setOpen(false)} onWritten={onWritten} />}
    </>
  )
}
