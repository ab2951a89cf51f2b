import './styles/base.css'
import './styles/frame.css'
import './styles/parts.css'

import { createRoot } from 'react-dom/client'

import { App } from './frame/app.js'

createRoot(document.getElementById('console')!).render(<App />)
