import { listen } from './listen.js'
import { yoga } from './yoga-server.js'

// It answers every request by itself; what it returns is for other runtimes than node:http.
listen((request, response) => void yoga(request, response))
