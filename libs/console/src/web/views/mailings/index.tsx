import { useLocation } from 'preact-iso'
import { Missing } from '../../missing.tsx'
import { EditMailing } from './edit-mailing.tsx'
import { MailingList } from './mailing-list.tsx'
import { parseMailingPath } from './mailing-path.ts'
import { MailingView } from './mailing-view.tsx'
import { NewMailing } from './new-mailing.tsx'
import './mailings.css'

/** Mailings: their list, one in full, and the forms to make and change them. */
export default function Mailings() {
  const { path } = useLocation()
  const shown = parseMailingPath(path)
  if (shown.view === 'list') return <MailingList />
  if (shown.view === 'new') return <NewMailing />
  if (shown.view === 'one') return <MailingView key={shown.id} id={shown.id} />
  if (shown.view === 'edit') return <EditMailing key={shown.id} id={shown.id} />
  return <Missing />
}
