/** The parts of ECharts that are used: the rest is not bundled. */
import { LineChart } from 'echarts/charts';
import { AxisPointerComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, TooltipComponent, AxisPointerComponent, CanvasRenderer]);

export const initChart = init;
