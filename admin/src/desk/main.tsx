document.title = '政务服务工作台'
