import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso'
import { lazyView } from './lazy-view.tsx'
import { Missing } from './missing.tsx'
import { ToastProvider } from './parts/toast.tsx'
import { Shell } from './shell.tsx'

const Logs = lazyView(() => import('./views/logs/index.tsx'))
const Metrics = lazyView(() => import('./views/metrics/index.tsx'))
const Mailings = lazyView(() => import('./views/mailings/index.tsx'))
const Clients = lazyView(() => import('./views/clients/index.tsx'))
const DeadLetters = lazyView(() => import('./views/dead-letters/index.tsx'))
const System = lazyView(() => import('./views/system/index.tsx'))

/** The whole console. Links that lead out of /console are left to the browser. */
export function App() {
  return (
    <LocationProvider scope={/^\/console(\/|\?|$)|^\?/}>
      <ToastProvider>
        <Shell>
          <ErrorBoundary>
            <Router>
              <Route path="/console" component={Logs} />
              <Route path="/console/logs" component={Logs} />
              <Route path="/console/metrics" component={Metrics} />
              <Route path="/console/mailings" component={Mailings} />
              <Route path="/console/mailings/*" component={Mailings} />
              <Route path="/console/clients" component={Clients} />
              <Route path="/console/dead-letters" component={DeadLetters} />
              <Route path="/console/system" component={System} />
              <Route default component={Missing} />
            </Router>
          </ErrorBoundary>
        </Shell>
      </ToastProvider>
    </LocationProvider>
  )
}
