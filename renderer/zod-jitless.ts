/** Imported before anything else: zod would try to compile code, which the content security policy forbids and reports. */
import { config } from 'zod';

config({ jitless: true });
