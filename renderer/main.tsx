import './zod-jitless.ts';
import '@cloudscape-design/global-styles/index.css';
import '@xyflow/react/dist/style.css';
import './ui/tokens.css';
import './ui/frame.css';
import './canvas/canvas.css';
import './canvas/edges.css';
import './canvas/linking.css';
import './palette/palette.css';
import './ui/editing.css';
import './inspector/inspector.css';
import './runs/overlay.css';
import './runs/runs.css';
import './charts/charts.css';
import { createRoot } from 'react-dom/client';
import { stayConnected } from './state/connection.ts';
import { keepChecked } from './state/document-sync.ts';
import { App } from './ui/App.tsx';
import { followMenu } from './ui/follow-menu.ts';
import { followTheme } from './ui/theme.ts';

followTheme();
followMenu();
keepChecked();
stayConnected();

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the window');
createRoot(root).render(<App />);
